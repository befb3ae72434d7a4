import { themeStyle } from '../../lib/layout/picture/theme-style';

export function ThemeStyle({ nonce }: { readonly nonce: string | undefined }) {
  return (
    <style nonce={nonce} suppressHydrationWarning>
      {themeStyle()}
    </style>
  );
}
