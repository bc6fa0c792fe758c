// The marked page as a picture: what is shown of it, drawn by the browser from a copy that loads nothing, with the notes over it.
import { Assets } from './assets';
import { Copy, dataOf } from './copy';
import type { Size } from './geometry';
import type { View } from './view';

/** Milliseconds for fonts and pictures within the copy to be ready. */
const SETTLE = 120;

/** A PNG as `data:` address. */
export async function picture({ stage, page }: View): Promise<string> {
  const { shown, window: size } = stage;
  if (!shown) throw new Error('there is no page');
  const svg = await new Copy(new Assets(), page.states).draw(shown, size);
  const density = Math.min(2, Math.max(1, Math.round(devicePixelRatio)));
  const canvas = document.createElement('canvas');
  canvas.width = size.width * density;
  canvas.height = size.height * density;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('there is no canvas');
  pen.scale(density, density);
  for (const text of [svg, notes(stage.box, size)]) {
    const image = await load(text);
    pen.drawImage(image, 0, 0, size.width, size.height);
  }
  return canvas.toDataURL('image/png');
}

async function load(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = dataOf(svg);
  await image.decode();
  await new Promise((resolve) => setTimeout(resolve, SETTLE));
  return image;
}

/** The notes as they are drawn over the page, at full size. */
function notes(box: HTMLElement, { width, height }: Size): string {
  const sheet = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join('\n');
  const own = document.implementation.createHTMLDocument('');
  const root = own.createElement('div');
  root.className = 'window';
  root.setAttribute('style', `--scale: 1; width: ${width}px; height: ${height}px`);
  const style = own.createElement('style');
  style.textContent = sheet;
  root.append(style, ...[...box.querySelectorAll('.layer.notes, .layer.handles')].map((layer) => own.importNode(layer, true)));
  for (const away of root.querySelectorAll('.away')) away.remove();
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<foreignObject x="0" y="0" width="${width}" height="${height}">${new XMLSerializer().serializeToString(root)}</foreignObject></svg>`
  );
}
