import { invalid, type Problem } from "../errors.ts";
import type { PropertyMapping, RelationshipMapping, SchemaProperty } from "./bodies.ts";
import type { DataSourceStore } from "./data-source-store.ts";
import { compilePath } from "./json-path.ts";
import type { ProfileRelationship } from "./object-model.ts";

/*
 * Klaviyo publishes the shape of a schema and of a mapping, not what else it refuses. Refused here is what could never
 * work, so that it shows in a test and not in an ingestion log.
 */

/** Ids and names are given once, and what is required exists. */
export function checkProperties(
  properties: readonly SchemaProperty[],
  required: readonly string[],
  pointer: string,
): void {
  const problems: Problem[] = [];
  for (const [index, { id, name }] of properties.entries()) {
    const at = `${pointer}/properties/${index}`;
    const earlier = properties.slice(0, index);
    if (name.trim() === "") problems.push({ pointer: `${at}/name`, detail: "'name' is empty." });
    if (earlier.some((one) => one.name === name))
      problems.push({ pointer: `${at}/name`, detail: `'${name}' comes twice.` });
    if (earlier.some((one) => one.id === id))
      problems.push({ pointer: `${at}/id`, detail: `The id ${id} comes twice.` });
  }
  for (const [index, name] of required.entries()) {
    if (properties.some((one) => one.name === name)) continue;
    problems.push({ pointer: `${pointer}/required/${index}`, detail: `There is no property '${name}'.` });
  }
  if (problems.length > 0) throw invalid(...problems);
}

interface Mapped {
  readonly properties: readonly SchemaProperty[];
  readonly profileRelationships: readonly ProfileRelationship[];
}

/** What a mapping names exists, and its paths can be followed. */
export function checkMapping(
  mapping: {
    readonly propertyMappings: readonly PropertyMapping[];
    readonly relationshipMappings: readonly RelationshipMapping[];
  },
  schema: Mapped,
  sources: DataSourceStore,
  pointer: string,
): void {
  const problems: Problem[] = [];
  const checkSource = (sourceId: string, at: string) => {
    if (!sources.all.has(sourceId)) problems.push({ pointer: at, detail: `There is no data source ${sourceId}.` });
  };
  const checkPath = (path: string, at: string) => {
    if (compilePath(path) === undefined)
      problems.push({ pointer: at, detail: `'${path}' is not a path the fake can follow.` });
  };
  for (const [index, one] of mapping.propertyMappings.entries()) {
    const at = `${pointer}/property_mappings/${index}`;
    if (!schema.properties.some(({ id }) => id === one.id)) {
      problems.push({ pointer: `${at}/id`, detail: `There is no property with the id ${one.id}.` });
    }
    if (one.type === "constant") continue;
    checkSource(one.source.source_id, `${at}/source/source_id`);
    checkPath(one.source.id_path, `${at}/source/id_path`);
    checkPath(one.source.data_path, `${at}/source/data_path`);
  }
  for (const [index, { relationship_id: id, source }] of mapping.relationshipMappings.entries()) {
    const at = `${pointer}/relationship_mappings/${index}`;
    if (!schema.profileRelationships.some(({ relationshipId }) => relationshipId === id)) {
      problems.push({ pointer: `${at}/relationship_id`, detail: `There is no relationship ${id}.` });
    }
    checkSource(source.source_id, `${at}/source/source_id`);
    checkPath(source.id_path, `${at}/source/id_path`);
    if (source.type === "custom-object") {
      problems.push({ pointer: `${at}/source/type`, detail: "Relationships to custom objects are not modelled here." });
      continue;
    }
    for (const [number, { path }] of source.related_id_paths.entries()) {
      checkPath(path, `${at}/source/related_id_paths/${number}/path`);
    }
  }
  if (problems.length > 0) throw invalid(...problems);
}
