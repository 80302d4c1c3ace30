import type { Link } from "./record-links.ts";

/** An object record as it is; `id` is `<object type id>:::<record id>`. Times in milliseconds. */
export interface FakeObjectRecord {
  readonly id: string;
  readonly typeId: string;
  readonly recordId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Per relationship id, the profiles it belongs to. */
  readonly links: ReadonlyMap<string, readonly string[]>;
  readonly updatedAt: number;
}

/** The object records of one account, found by id, by type and by profile. */
export class ObjectRecordStore {
  readonly #records = new Map<string, FakeObjectRecord>();
  readonly #history = new Map<string, FakeObjectRecord[]>();
  readonly #byType = new Map<string, Set<string>>();
  readonly #byProfile = new Map<string, Set<string>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get all(): ReadonlyMap<string, FakeObjectRecord> {
    return this.#records;
  }

  /** Every version that was ingested, the oldest first; it outlives the record. */
  historyOf(id: string): readonly FakeObjectRecord[] {
    return this.#history.get(id) ?? [];
  }

  ofType(typeId: string): readonly FakeObjectRecord[] {
    return this.#found(this.#byType.get(typeId));
  }

  ofProfile(profileId: string): readonly FakeObjectRecord[] {
    return this.#found(this.#byProfile.get(profileId));
  }

  upsert(
    typeId: string,
    recordId: string,
    properties: Readonly<Record<string, unknown>>,
    links: readonly Link[],
  ): void {
    const id = `${typeId}:::${recordId}`;
    const earlier = this.#records.get(id)?.links;
    const all = new Map(earlier);
    for (const { relationshipId, profileIds, isAdded } of links) {
      const kept = isAdded ? (earlier?.get(relationshipId) ?? []) : [];
      all.set(relationshipId, [...new Set([...kept, ...profileIds])]);
    }
    const record = { id, typeId, recordId, properties, links: all, updatedAt: this.#now() };
    this.#put(record);
    const history = this.#history.get(id);
    if (history === undefined) this.#history.set(id, [record]);
    else history.push(record);
  }

  delete(id: string): void {
    const record = this.#records.get(id);
    if (record === undefined) return;
    this.#forgetLinks(record);
    this.#records.delete(id);
    this.#byType.get(record.typeId)?.delete(id);
  }

  /** The records of a merged profile follow it. */
  rehome(sourceId: string, targetId: string): void {
    this.#replace(sourceId, (ids) => [...new Set(ids.map((id) => (id === sourceId ? targetId : id)))]);
  }

  /** The records of a deleted profile belong to nobody. */
  unlink(profileId: string): void {
    this.#replace(profileId, (ids) => ids.filter((id) => id !== profileId));
  }

  #replace(profileId: string, change: (profileIds: readonly string[]) => readonly string[]): void {
    for (const record of this.ofProfile(profileId)) {
      const links = [...record.links].map(([relationshipId, ids]) => [relationshipId, change(ids)] as const);
      this.#put({ ...record, links: new Map(links) });
    }
  }

  #put(record: FakeObjectRecord): void {
    const earlier = this.#records.get(record.id);
    if (earlier !== undefined) this.#forgetLinks(earlier);
    this.#records.set(record.id, record);
    addTo(this.#byType, record.typeId, record.id);
    for (const profileId of [...record.links.values()].flat()) addTo(this.#byProfile, profileId, record.id);
  }

  #forgetLinks(record: FakeObjectRecord): void {
    for (const profileId of [...record.links.values()].flat()) this.#byProfile.get(profileId)?.delete(record.id);
  }

  #found(ids: ReadonlySet<string> | undefined): readonly FakeObjectRecord[] {
    return [...(ids ?? [])].map((id) => this.#records.get(id)).filter((record) => record !== undefined);
  }
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}
