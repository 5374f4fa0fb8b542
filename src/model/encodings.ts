/** Whether text in an encoding can be read here: a label of the WHATWG Encoding Standard. */
export function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}
