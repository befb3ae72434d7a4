import { themeStyle } from '../../lib/layout/picture/theme-style';

/** The colours of both themes as CSS variables. */
export function ThemeStyle({ nonce }: { readonly nonce: string | undefined }) {
  return (
    <style nonce={nonce} suppressHydrationWarning>
      {themeStyle()}
    </style>
  );
}
