/** What an admin may do, the least first. */
export const ROLES = ["viewer", "editor", "owner"] as const;
/** viewer looks; editor changes passes and templates; owner does everything. */
export type Role = (typeof ROLES)[number];

/** Whether a role is enough for what `needed` may do. */
export const roleAllows = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** The one of two that fewer have. */
export const stricterRole = (one: Role, other: Role): Role => (roleAllows(one, other) ? one : other);

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);
