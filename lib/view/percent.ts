/** A fraction (0 to 1) as a percentage. A small value is never shown as 0 %, and one below 1 never as 100 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return '< 1 %';
  if (share < 1 && share >= 0.995) return '> 99 %';
  return `${Math.round(share * 100)} %`;
}
