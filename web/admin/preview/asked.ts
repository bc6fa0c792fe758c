/** What is being looked at in a site's preview: it stays while one goes from tab to tab. */
export interface Asked {
  how: 'url' | 'html';
  url: string;
  html: string;
  /** It was asked for: from then on it follows the rules. */
  on: boolean;
}
