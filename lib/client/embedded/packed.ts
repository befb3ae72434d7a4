/** Data embedded in the page's file: gzipped, base64-encoded, in an element of its own. */

/** The gzipped bytes. Throws if the element is missing. */
export function packedBytes(id: string): Uint8Array<ArrayBuffer> {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The file lacks its ${id}.`);
  const text = atob(element.textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
