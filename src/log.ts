import { redact } from "./redact.ts";

export type LogLevel = "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Writes to stderr: lines for people on a terminal, JSON lines for machines. Secrets and addresses are redacted. */
export function createLog(options: { tty: boolean; now: () => number; write: (line: string) => void }): Log {
  const emit = (level: LogLevel, message: string, fields: LogFields = {}) => {
    const at = new Date(options.now()).toISOString();
    const line = options.tty
      ? `${at.slice(11, 19)} ${level.padEnd(5)} ${message}${pairs(fields)}`
      : JSON.stringify({ at, level, message, ...fields });
    options.write(`${redact(line)}\n`);
  };
  return {
    info: (message, fields) => emit("info", message, fields),
    warn: (message, fields) => emit("warn", message, fields),
    error: (message, fields) => emit("error", message, fields),
  };
}

/** For tests and for commands whose output is all that matters. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };

function pairs(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === "string" ? JSON.stringify(value) : value}`)
    .join("");
}
