import { toSvg } from '../layout/picture/svg';
import { captioned } from '../layout/caption';
import { wholePicture } from '../layout/whole';
import type { RecordFormat } from './format';

/** The whole picture. */
export const svg: RecordFormat = {
  id: 'svg',
  mediaType: 'image/svg+xml; charset=utf-8',
  title: 'SVG',
  about: 'whole picture',
  holds: 'whole',
  write: ({ source, records, theme }) => toSvg(captioned(wholePicture(source), { ...source, records }), { theme }),
};
