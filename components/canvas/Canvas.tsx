'use client';
/** The picture: pan, zoom, select. */
import type { Ref } from 'react';
import type { CanvasHandle, CanvasProps } from './props';

export function Canvas(_props: CanvasProps & { readonly ref?: Ref<CanvasHandle> }) {
  return <canvas className="h-full w-full" />;
}
