import { and, asc, eq, gt, isNull, ne } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { admins } from "../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";
import type { Role } from "./role.ts";

export type AdminRow = typeof admins.$inferSelect;

/** What people may see of an admin. */
export interface Admin {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: number;
  /** Since when they cannot sign in. */
  readonly disabledAt: number | null;
}

const publicColumns = {
  id: admins.id,
  email: admins.email,
  role: admins.role,
  createdAt: admins.createdAt,
  disabledAt: admins.disabledAt,
};

export async function insertAdmin(query: Queries, admin: AdminRow): Promise<void> {
  await query.insert(admins).values(admin);
}

export async function findAdmin(query: Queries, id: string): Promise<AdminRow | undefined> {
  return (await query.select().from(admins).where(eq(admins.id, id)))[0];
}

export async function findAdminByEmail(query: Queries, email: string): Promise<AdminRow | undefined> {
  return (await query.select().from(admins).where(eq(admins.email, email)))[0];
}

/** Whether there is any, also a disabled one. */
export async function hasAdmins(query: Queries): Promise<boolean> {
  return (await query.select({ id: admins.id }).from(admins).limit(1)).length > 0;
}

/** The owner who was first and can sign in. */
export async function firstOwner(query: Queries): Promise<AdminRow | undefined> {
  const rows = await query
    .select()
    .from(admins)
    .where(and(eq(admins.role, "owner"), isNull(admins.disabledAt)))
    .orderBy(asc(admins.createdAt), asc(admins.id))
    .limit(1);
  return rows[0];
}

/** Whether somebody else could still do what only owners may. */
export async function hasOtherOwner(query: Queries, id: string): Promise<boolean> {
  const rows = await query
    .select({ id: admins.id })
    .from(admins)
    .where(and(eq(admins.role, "owner"), isNull(admins.disabledAt), ne(admins.id, id)))
    .limit(1);
  return rows.length > 0;
}

/** In order of their addresses, which is also the cursor. */
export async function listAdmins(query: Queries, page: PageRequest): Promise<Page<Admin>> {
  const rows = await query
    .select(publicColumns)
    .from(admins)
    .where(page.after ? gt(admins.email, page.after) : undefined)
    .orderBy(asc(admins.email))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, ({ email }) => email);
}

export async function updateAdmin(
  query: Queries,
  id: string,
  change: Partial<Pick<AdminRow, "passwordHash" | "role" | "disabledAt">>,
): Promise<void> {
  await query.update(admins).set(change).where(eq(admins.id, id));
}
