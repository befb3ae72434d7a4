/** Reports of unreadable parts, one line each; many similar ones are combined, so that they do not hide the others. */
import { keptFor } from '../../model/remembered';

/** Maximum number of similar reports that are listed individually. */
const MAX_ALIKE = 5;

/** Collects reports in order. */
export class Reports {
  readonly #sorts = new Map<string, { readonly place: string; readonly line: string }[]>();

  /** `sort`: reports of one sort describe the same problem in different files. */
  add(place: string, what: string, sort?: string): void {
    this.#put({ place, line: `${place}: ${what}` }, sort);
  }

  /** Reports a complete line. */
  tell(line: string): void {
    this.#put({ place: '', line });
  }

  /** Each line begins with the path of its file. */
  lines(): readonly string[] {
    return [...this.#sorts.values()].flatMap((alike) => {
      const [first, second, third] = alike;
      if (first === undefined || second === undefined || alike.length <= MAX_ALIKE)
        return alike.map(({ line }) => line);
      return `${first.line}; and ${alike.length - 1} more like it (${second.place}, ${third?.place ?? ''} …)`;
    });
  }

  #put(report: { readonly place: string; readonly line: string }, sort = report.line): void {
    keptFor(this.#sorts, sort, () => []).push(report);
  }
}
