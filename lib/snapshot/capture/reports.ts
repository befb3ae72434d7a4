/** What could not be read, one line each; many of one sort are combined, so that they do not hide the others. */

/** Reports of one sort that are listed one by one. */
const MOST_ALIKE = 5;

/** Collects reports in the order in which they come. */
export class Reports {
  readonly #sorts = new Map<string, { readonly place: string; readonly line: string }[]>();

  /** `sort`: reports of it say the same of different files. */
  add(place: string, what: string, sort?: string): void {
    this.#put({ place, line: `${place}: ${what}` }, sort);
  }

  /** Reports a complete line. */
  tell(line: string): void {
    this.#put({ place: '', line });
  }

  /** Each begins with the path of its file. */
  lines(): readonly string[] {
    return [...this.#sorts.values()].flatMap((alike) => {
      const [first, second, third] = alike;
      if (first === undefined || second === undefined || alike.length <= MOST_ALIKE)
        return alike.map(({ line }) => line);
      return `${first.line}; and ${alike.length - 1} more like it (${second.place}, ${third?.place ?? ''} …)`;
    });
  }

  #put(report: { readonly place: string; readonly line: string }, sort = report.line): void {
    const alike = this.#sorts.get(sort);
    if (alike === undefined) this.#sorts.set(sort, [report]);
    else alike.push(report);
  }
}
