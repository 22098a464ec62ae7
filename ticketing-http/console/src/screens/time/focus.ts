/** Gives the focus to this once a dialog is gone that was opened from what is gone too; else it goes back by itself. */
export function focusAfter(element: HTMLElement | null | undefined): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if ((document.activeElement ?? document.body) === document.body) element?.focus();
    }),
  );
}
