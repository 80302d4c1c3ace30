import type { PropertyMapping, RelationshipMapping, SchemaProperty } from "./bodies.ts";

/** Each is a snapshot: a change puts a new object in the place of the old one. Times are in milliseconds. */

export interface FakeObjectType {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly namespace: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The schema that records are judged by; undefined until the first is active. */
  readonly currentSchemaId: string | undefined;
  /** The schema that is being drawn up or published. */
  readonly draftSchemaId: string | undefined;
}

export interface ProfileRelationship {
  readonly relationshipId: string;
  readonly name: string;
  readonly description: string;
}

export interface FakeObjectSchema {
  readonly id: string;
  readonly typeId: string;
  readonly title: string;
  readonly description: string;
  readonly visibility: "private" | "shared";
  readonly status: "draft" | "publishing" | "active";
  readonly properties: readonly SchemaProperty[];
  /** Names of properties. */
  readonly required: readonly string[];
  readonly publishedAt: number | undefined;
  readonly profileRelationships: readonly ProfileRelationship[];
  readonly mappingId: string;
}

export interface FakeSourceMapping {
  readonly id: string;
  readonly schemaId: string;
  readonly propertyMappings: readonly PropertyMapping[];
  readonly relationshipMappings: readonly RelationshipMapping[];
}
