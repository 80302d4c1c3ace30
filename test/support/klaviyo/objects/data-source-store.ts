import { invalid, notFound } from "../errors.ts";
import type { Ids } from "../ids.ts";

export interface FakeDataSource {
  readonly id: string;
  readonly title: string;
  readonly visibility: "private" | "shared";
  readonly description: string;
  readonly namespace: string;
}

/** The data sources of one account; a title is unique in its namespace. */
export class DataSourceStore {
  readonly #sources = new Map<string, FakeDataSource>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  get all(): ReadonlyMap<string, FakeDataSource> {
    return this.#sources;
  }

  get(id: string): FakeDataSource {
    const source = this.#sources.get(id);
    if (source === undefined) throw notFound(`Data source with ID ${id} not found.`);
    return source;
  }

  create(attributes: Omit<FakeDataSource, "id">): FakeDataSource {
    const { title, namespace } = attributes;
    const isTaken = this.#sources.values().some((other) => other.title === title && other.namespace === namespace);
    if (isTaken) {
      throw invalid({ pointer: "/data/attributes/title", detail: `A data source '${title}' already exists.` });
    }
    const source = { id: this.#ids.ulid(), ...attributes };
    this.#sources.set(source.id, source);
    return source;
  }
}
