/** What a browser would send of a form of the page: the value of every input, as it stands in the HTML. */
export async function fieldsOfForm(html: string, form: string): Promise<Record<string, string>> {
  const fields: Record<string, string> = {};
  let select = "";
  let area = "";
  const plain = (text: string): string =>
    text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const rewriter = new HTMLRewriter()
    .on(`${form} input[name]`, {
      element(input) {
        const type = input.getAttribute("type");
        if (type === "file" || (type === "checkbox" && !input.hasAttribute("checked"))) return;
        fields[input.getAttribute("name") ?? ""] = plain(input.getAttribute("value") ?? "");
      },
    })
    .on(`${form} select[name]`, {
      element(element) {
        select = element.getAttribute("name") ?? "";
      },
    })
    .on(`${form} select[name] option`, {
      element(option) {
        const value = plain(option.getAttribute("value") ?? "");
        if (option.hasAttribute("selected") || !(select in fields)) fields[select] = value;
      },
    })
    .on(`${form} textarea[name]`, {
      element(element) {
        area = element.getAttribute("name") ?? "";
        fields[area] = "";
      },
      text({ text }) {
        fields[area] += plain(text);
      },
    });
  await rewriter.transform(new Response(html)).text();
  return fields;
}
