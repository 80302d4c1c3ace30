import { readFileSync } from "node:fs";
import { didYouMean } from "./did-you-mean.ts";
import { AppError, messageOf } from "./errors.ts";
import { type Allowance, parseAllowance } from "./webhooks/destinations.ts";

/**
 * The one table of settings. Flags (`--public-url`), environment (`PASSHOOK_PUBLIC_URL`), files
 * (`PASSHOOK_PUBLIC_URL_FILE`), `--help` and `passhook config` are all made from it.
 */
export const SETTINGS = {
  data: { env: "DATA", fallback: "./data", meaning: "folder of the database and the secrets", secret: false },
  listen: { env: "LISTEN", fallback: "127.0.0.1:8080", meaning: "address and port to listen on", secret: false },
  publicUrl: {
    env: "PUBLIC_URL",
    fallback: null,
    meaning: "what links on passes start with (https in production)",
    secret: false,
  },
  klaviyoUrl: {
    env: "KLAVIYO_URL",
    fallback: "https://a.klaviyo.com",
    meaning: "base of the Klaviyo API",
    secret: false,
  },
  apnsUrl: {
    env: "APNS_URL",
    fallback: "https://api.push.apple.com",
    meaning: "base of Apple's push service",
    secret: false,
  },
  apnsCa: { env: "APNS_CA", fallback: null, meaning: "file with a further CA for that connection", secret: false },
  webhookAllowPrivate: {
    env: "WEBHOOK_ALLOW_PRIVATE",
    fallback: null,
    meaning: "hosts and networks that webhooks may go to though they are private, such as n8n,10.0.0.0/8",
    secret: false,
  },
  masterKey: {
    env: "MASTER_KEY",
    fallback: null,
    meaning: "32 bytes (base64 or hex) that encrypt stored secrets",
    secret: true,
  },
  metricsToken: {
    env: "METRICS_TOKEN",
    fallback: null,
    meaning: "bearer token for /metrics; without it they are shown to the private network only",
    secret: true,
  },
  adminEmail: {
    env: "ADMIN_EMAIL",
    fallback: null,
    meaning: "creates the first admin without a browser",
    secret: false,
  },
  adminPassword: { env: "ADMIN_PASSWORD", fallback: null, meaning: "password of that admin", secret: true },
} as const satisfies Record<string, SettingDefinition>;

interface SettingDefinition {
  readonly env: string;
  readonly fallback: string | null;
  readonly meaning: string;
  readonly secret: boolean;
}

export type SettingName = keyof typeof SETTINGS;
export type Origin = "flag" | "environment" | "file" | "default";
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** What the program runs with; safe to print. */
export interface Config {
  readonly dataDir: string;
  readonly listen: { readonly hostname: string; readonly port: number };
  /** No trailing slash. */
  readonly publicUrl: string;
  readonly klaviyoUrl: string;
  readonly apnsUrl: string;
  /** File with a further CA for the connection to Apple's push service. */
  readonly apnsCa: string | undefined;
  /** Where webhooks may go besides the public internet. */
  readonly webhookAllowPrivate: Allowance;
}

/** Kept apart from `Config`, so that a config can be printed without care. */
export interface ConfigSecrets {
  readonly masterKey: string | undefined;
  /** Who may read the metrics. */
  readonly metricsToken: string | undefined;
  /** Who becomes the first admin; both or none. */
  readonly adminEmail: string | undefined;
  readonly adminPassword: string | undefined;
}

export interface ResolvedSetting {
  readonly name: SettingName;
  readonly value: string | null;
  readonly origin: Origin;
}

export interface Resolved {
  readonly config: Config;
  readonly secrets: ConfigSecrets;
  readonly settings: readonly ResolvedSetting[];
}

const ENV_PREFIX = "PASSHOOK_";

/** The flag of a setting: `publicUrl` → `--public-url`. */
export const flagOf = (name: SettingName): string => `--${SETTINGS[name].env.toLowerCase().replaceAll("_", "-")}`;

/**
 * Settles every setting: flag > environment > file > default. Throws `invalid` naming every unknown `PASSHOOK_*`
 * variable and every value that cannot be used.
 */
export function resolveConfig(
  flags: Partial<Record<SettingName, string>> = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
): Resolved {
  const problems: { path: string; message: string }[] = [];
  for (const name of unknownVariables(env)) {
    const known = SETTING_NAMES.flatMap((setting) => [variableOf(setting), `${variableOf(setting)}_FILE`]);
    problems.push({ path: name, message: `is not a setting${didYouMean(name, known)}` });
  }
  const settings = SETTING_NAMES.map((name) => {
    try {
      return settle(name, flags, env);
    } catch (error) {
      problems.push({ path: `${variableOf(name)}_FILE`, message: messageOf(error) });
      return { name, value: null, origin: "default" } as const;
    }
  });
  const settled = (name: SettingName): string | null =>
    settings.find((setting) => setting.name === name)?.value ?? null;
  const parsed = <T>(name: SettingName, parse: (text: string) => T, text: string): T | undefined => {
    try {
      return parse(text);
    } catch (error) {
      problems.push({ path: variableOf(name), message: messageOf(error) });
      return undefined;
    }
  };

  const listen = parsed("listen", parseListen, settled("listen") ?? "");
  const publicUrl = parsed(
    "publicUrl",
    parseBaseUrl,
    settled("publicUrl") ?? `http://localhost:${listen?.port ?? 8080}`,
  );
  const klaviyoUrl = parsed("klaviyoUrl", parseBaseUrl, settled("klaviyoUrl") ?? "");
  const apnsUrl = parsed("apnsUrl", parseBaseUrl, settled("apnsUrl") ?? "");
  const webhookAllowPrivate = parsed("webhookAllowPrivate", parseAllowance, settled("webhookAllowPrivate") ?? "");
  if (problems.length > 0 || !listen || !publicUrl || !klaviyoUrl || !apnsUrl || !webhookAllowPrivate) {
    throw new AppError("invalid", "The settings cannot be used:", { details: problems });
  }
  return {
    config: {
      dataDir: settled("data") ?? "",
      listen,
      publicUrl,
      klaviyoUrl,
      apnsUrl,
      apnsCa: settled("apnsCa") ?? undefined,
      webhookAllowPrivate,
    },
    secrets: {
      masterKey: settled("masterKey") ?? undefined,
      metricsToken: settled("metricsToken") ?? undefined,
      adminEmail: settled("adminEmail") ?? undefined,
      adminPassword: settled("adminPassword") ?? undefined,
    },
    settings: settings.map((setting) =>
      setting.name === "publicUrl" && setting.value === null ? { ...setting, value: publicUrl } : setting,
    ),
  };
}

/** A setting as people may see it: a secret one shows only whether it is set. */
export interface ShownSetting {
  readonly variable: string;
  readonly meaning: string;
  readonly value: string | null;
  readonly origin: Origin;
}

export const shownSettings = (settings: readonly ResolvedSetting[]): ShownSetting[] =>
  settings.map(({ name, value, origin }) => ({
    variable: variableOf(name),
    meaning: SETTINGS[name].meaning,
    value: value !== null && SETTINGS[name].secret ? "(hidden)" : value,
    origin,
  }));

export const variableOf = (name: SettingName): string => ENV_PREFIX + SETTINGS[name].env;

function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(SETTING_NAMES.flatMap((name) => [variableOf(name), `${variableOf(name)}_FILE`]));
  return Object.keys(env).filter((name) => name.startsWith(ENV_PREFIX) && !known.has(name));
}

function settle(
  name: SettingName,
  flags: Partial<Record<SettingName, string>>,
  env: Readonly<Record<string, string | undefined>>,
): ResolvedSetting {
  const flag = flags[name];
  if (flag !== undefined) return { name, value: flag, origin: "flag" };
  const variable = env[variableOf(name)];
  if (variable) return { name, value: variable, origin: "environment" };
  const file = env[`${variableOf(name)}_FILE`];
  if (file) return { name, value: readFileSync(file, "utf8").trim(), origin: "file" };
  return { name, value: SETTINGS[name].fallback, origin: "default" };
}

function parseListen(text: string): Config["listen"] {
  const match = /^(?<host>\[[0-9a-fA-F:]+\]|[^:[\]]*):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.["port"]);
  if (!match || port > 65535) throw new Error(`"${text}" is not ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080`);
  const host = (match.groups?.["host"] ?? "").replace(/^\[|\]$/g, "");
  return { hostname: host === "" ? "0.0.0.0" : host, port };
}

function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.search || url.hash) {
    throw new Error(`"${text}" is not an http(s) address such as https://passes.example.com`);
  }
  return url.href.replace(/\/+$/, "");
}
