import type { Page } from '@playwright/test';

/** Buttons, links and fields outside of the window that no scrolling brings into it. */
export const outOfReach = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const scrolls = (element: Element): boolean => {
      for (let at = element.parentElement; at !== null; at = at.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(at);
        if (/auto|scroll/.test(overflowX + overflowY)) return true;
      }
      return false;
    };
    return [...document.querySelectorAll('button, a[href], input, select')].flatMap((element) => {
      const { left, right, top, bottom, width } = element.getBoundingClientRect();
      // The heading of a group is brought into sight with the focus.
      if (element.closest('[aria-label="Groups of nodes"]') !== null) return [];
      const isOut = left < -1 || right > window.innerWidth + 1 || top < -1 || bottom > window.innerHeight + 1;
      return width > 0 && isOut && !scrolls(element) && element.textContent !== 'Skip to the view'
        ? [`${element.tagName} ${element.textContent}`]
        : [];
    });
  });
