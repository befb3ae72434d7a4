'use client';

export function PodWiring(_props: { readonly pod: string; readonly chosen: string | null }) {
  return null;
}
