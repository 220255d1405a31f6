import { CHECKS } from '../checks/index.ts';
import { type JsonNode, type JsonResult, parseJson } from '../core/document/json.ts';
import { type ReadDocument, readShape } from '../core/document/shape.ts';
import { configShape } from '../core/policy/config-shape.ts';
import { settingsOfConfig } from '../core/policy/settings.ts';
import { DECLARABLE_PLATFORMS } from '../facts/declared-platform.ts';
import type { Settings } from '../model/policy.ts';

/** The definition of the config file with the checks and platforms of this version. */
export function currentConfigShape() {
  return configShape(
    CHECKS.map(({ code }) => code),
    DECLARABLE_PLATFORMS,
  );
}

/** The config in a text: the whole of it, or what stands under `key` at its top (`null`: nothing does). */
export function configNode(
  text: string,
  key: string | null,
): { readonly ok: true; readonly node: JsonNode | null } | Extract<JsonResult, { readonly ok: false }> {
  const parsed = parseJson(text, key === null ? 'refuse' : 'allow');
  if (!parsed.ok || key === null) return parsed;
  const entries = parsed.node.kind === 'record' ? parsed.node.entries : [];
  return { ok: true, node: entries.findLast((entry) => entry.key === key)?.value ?? null };
}

/** Validate a config and take its settings. @param file as it is to be called. @param project absolute. */
export function readConfig(node: JsonNode, file: string, project: string): ReadDocument<Settings> {
  const read = readShape(currentConfigShape(), node);
  return read.ok ? { ok: true, value: settingsOfConfig(read.value, file, project) } : read;
}
