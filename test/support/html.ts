export interface HtmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Every element of a page or fragment, as a browser's parser sees it. */
export async function elementsOf(html: string): Promise<HtmlElement[]> {
  const elements: HtmlElement[] = [];
  const rewriter = new HTMLRewriter().on("*", {
    element: ({ tagName, attributes }) =>
      void elements.push({ tag: tagName, attributes: Object.fromEntries(attributes) }),
  });
  await rewriter.transform(new Response(html)).text();
  return elements;
}

/** What of a page could run or fetch something: nothing of the kind may come from a stored text. */
export const activeParts = (elements: readonly HtmlElement[]): string[] =>
  elements.flatMap(({ tag, attributes }) => {
    const names = Object.keys(attributes).filter((name) => name.startsWith("on") || name === "style");
    const sly = /^(script|iframe|object|embed|base|form)$/.test(tag) || /^javascript:/i.test(attributes["href"] ?? "");
    return sly || names.length > 0 ? [`${tag} ${names.join(" ")}`] : [];
  });
