/**
 * Puts a command into a mount namespace of its own, after `script` has mounted something there. Nobody else sees these
 * mounts, and they are gone with the process, however it ends. The process keeps its id.
 */
export function withOwnMounts(script: string, command: readonly string[]): string[] {
  return [...NAMESPACE, "sh", "-c", `${script} && exec "$@"`, "sh", ...command];
}

/** For root and for everybody else, where the system lets users have namespaces. */
const NAMESPACE = ["unshare", "--map-root-user", "--mount"];

/** Why there are no mounts of one's own on this machine; nothing where there are. */
export const noOwnMounts: string | undefined = reasonAgainst();

function reasonAgainst(): string | undefined {
  if (process.platform !== "linux") return "only Linux has mount namespaces";
  if (Bun.which("unshare") === null) return "the program unshare is missing";
  const attempt = Bun.spawnSync(withOwnMounts("mount -t tmpfs tmpfs /mnt", ["true"]));
  return attempt.success ? undefined : `mounting is not permitted: ${attempt.stderr.toString().trim()}`;
}
