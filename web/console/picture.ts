// Saves the marked page as a file.
import { pictureName } from './address';

/** Offers a PNG, given as `data:` URL, as a download. */
export function savePicture(data: string, site: string): void {
  const bytes = Uint8Array.from(atob(data.slice(data.indexOf(',') + 1)), (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = pictureName(site, new Date());
  link.click();
  // The browser has to have begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
