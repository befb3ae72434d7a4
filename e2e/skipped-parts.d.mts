export const DUE: string;
export function skippedParts(
  text: string,
  isCi: boolean,
): readonly { readonly line: string; readonly failed: boolean }[];
