/** What stands packed in the page's own file: by gzip, in base64, in an element of its own. */

/** The bytes as they are packed. Throws where there are none. */
export function packedBytes(id: string): Uint8Array<ArrayBuffer> {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The file lacks its ${id}.`);
  const text = atob(element.textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
