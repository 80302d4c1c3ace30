import { findNodeAtLocation, getNodePath, type Node, parseTree } from "jsonc-parser";

/**
 * The line of a JSON text, from 1, in which something stands: what `path` names (`pass.semantics.eventName`), or else
 * the nearest thing around it that is there.
 */
export function lineOfPath(text: string, path: string): number {
  const tree = readTree(text);
  const parts = path.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (let length = parts.length; tree && length > 0; length--) {
    const node = findNodeAtLocation(tree, parts.slice(0, length));
    if (node) return lineAt(text, startOf(node));
  }
  return 1;
}

/** Of a property, where its name stands. */
const startOf = (node: Node): number =>
  typeof getNodePath(node).at(-1) === "string" ? (node.parent?.offset ?? node.offset) : node.offset;

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

function readTree(text: string): Node | undefined {
  try {
    return parseTree(text);
  } catch {
    // Nested too deeply, which the reader of the text says.
    return undefined;
  }
}
