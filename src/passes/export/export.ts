import { type Clock, toIso } from "../../clock.ts";
import { presentValues } from "../../templates/fill.ts";
import type { Templates } from "../../templates/templates.ts";
import { passUrl } from "../pass-url.ts";
import type { FoundPass, PassQuery } from "../search/pass-query.ts";
import type { PassSearch } from "../search/search.ts";
import { statusOf } from "../status.ts";
import { BYTE_ORDER_MARK, csvLine, toTextCell } from "./csv-text.ts";

export interface ExportDependencies {
  readonly clock: Clock;
  readonly search: PassSearch;
  readonly templates: Templates;
  readonly publicUrl: string;
  /** A pass as the API shows it. */
  readonly objectOf: (found: FoundPass) => object;
}

export const EXPORT_FORMATS = ["csv", "ndjson"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export type Exporter = ReturnType<typeof createExporter>;

type Cell = string | null;

/** The columns that every export has; those of the fields follow as `pass.NAME`. */
const COLUMNS: Readonly<Record<string, (found: FoundPass, publicUrl: string, now: number) => Cell>> = {
  serial: ({ pass }) => pass.serial,
  template: ({ pass }) => pass.templateId,
  state: ({ pass }) => pass.state,
  status: (found, _, now) => statusOf(found, now),
  url: ({ pass }, publicUrl) => passUrl(publicUrl, pass.serial),
  createdAt: ({ pass }) => toIso(pass.createdAt),
  updatedAt: ({ pass }) => toIso(pass.updatedAt),
  installedAt: ({ pass }) => timeOrNull(pass.installedAt),
  expiredAt: ({ pass }) => timeOrNull(pass.expiredAt),
  "recipient.id": ({ recipient }) => recipient.id,
  "recipient.name": ({ recipient }) => recipient.name,
  "recipient.email": ({ recipient }) => recipient.email,
  "recipient.phone": ({ recipient }) => recipient.phone,
  "recipient.externalId": ({ recipient }) => recipient.externalId,
  "recipient.klaviyoId": ({ recipient }) => recipient.klaviyoId,
};
export const EXPORT_COLUMNS: readonly string[] = Object.keys(COLUMNS);

const timeOrNull = (at: number | null): Cell => (at === null ? null : toIso(at));

/** Writes passes to files, the newest first, as slowly as the text is taken. */
export function createExporter({ clock, search, templates, publicUrl, objectOf }: ExportDependencies) {
  /** Names of the fields of the template asked for, or of all. */
  async function fieldNames(query: PassQuery): Promise<string[]> {
    const template = await search.templateOf(query);
    if (template) return Object.keys(template.definition.fields);
    const { accountId } = query;
    const names = new Set<string>();
    for (let after: string | undefined, more = true; more; ) {
      const page = await templates.list(accountId, { limit: 100, after });
      for (const { id } of page.items) {
        const { definition } = await templates.ofPass({ templateId: id });
        for (const name of Object.keys(definition.fields)) names.add(name);
      }
      after = page.next ?? undefined;
      more = after !== undefined;
    }
    return [...names];
  }

  function csvOf(found: FoundPass, fields: readonly string[]): string {
    const { pass, template } = found;
    const now = clock.now();
    const fixed = Object.values(COLUMNS).map((column) => toTextCell(column(found, publicUrl, now) ?? ""));
    // What the pass itself has: were a default written out, sending the file back would make it the pass's own.
    const values = new Map(Object.entries(presentValues(template.definition, pass.values)));
    const own = fields.map((name) => {
      const value = values.get(name) ?? "";
      return template.definition.fields[name]?.type === "number" ? value : toTextCell(value);
    });
    return csvLine([...fixed, ...own]);
  }

  return {
    /** The file's text, some passes at a time. Throws `not_found` for an unknown template, before the first text. */
    async write(query: PassQuery, format: ExportFormat): Promise<AsyncGenerator<string>> {
      const fields = await fieldNames(query);
      return (async function* () {
        if (format === "csv") {
          yield BYTE_ORDER_MARK + csvLine([...EXPORT_COLUMNS, ...fields.map((name) => `pass.${name}`)]);
        }
        for await (const some of search.all(query)) {
          yield some
            .map((found) => (format === "csv" ? csvOf(found, fields) : `${JSON.stringify(objectOf(found))}\n`))
            .join("");
        }
      })();
    },
  };
}
