import type { Page } from "playwright-core";

export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong behind what is seen, since the last call: nothing, for a good page. */
  complaints(): string[];
}

/**
 * Gathers what a page's visitor does not see: errors in the console (refusals by the page's policy are among them),
 * scripts that failed, requests without an answer, and requests to anybody but the server of the page.
 */
export function watch(page: Page): WatchedPage {
  let complaints: string[] = [];
  const complain = (what: string) => complaints.push(`${page.url()}: ${what}`);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complain(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complain(`script: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "unknown";
    // The page was left, or the search was overtaken by a newer one.
    if (reason !== "net::ERR_ABORTED") complain(`${request.url()} failed: ${reason}`);
  });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    const from = page.url();
    const own = from.startsWith("http") ? new URL(from).host : host;
    if (protocol !== "data:" && host !== own) complain(`asks another host: ${request.url()}`);
  });
  return {
    page,
    complaints() {
      const all = complaints;
      complaints = [];
      return all;
    },
    [Symbol.asyncDispose]: () => page.context().close(),
  };
}
