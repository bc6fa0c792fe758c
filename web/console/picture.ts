// Saves pictures of the page as files.
import { pictureName } from './address';

/** Offers a PNG as a download. */
export function saveFile(picture: Blob, site: string): void {
  const url = URL.createObjectURL(picture);
  const link = document.createElement('a');
  link.href = url;
  link.download = pictureName(site, new Date());
  link.click();
  // The browser has to have begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The same for one that is given as `data:` URL. */
export function savePicture(data: string, site: string): void {
  const bytes = Uint8Array.from(atob(data.slice(data.indexOf(',') + 1)), (character) => character.charCodeAt(0));
  saveFile(new Blob([bytes], { type: 'image/png' }), site);
}
