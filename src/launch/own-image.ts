/** Images that no file of the project builds by name: is one of them the bot's own, and which Dockerfile makes it? */
import { isInfrastructure, repositoryOf } from './base-images.ts';
import { guessContext, isDockerfile } from './docker-files.ts';
import { finalStage, type ImageStage, readDockerfile } from './dockerfile.ts';
import { readManifest } from './manifest.ts';
import type { Project } from './source.ts';
import { directoryOf } from './tree.ts';

/** The image that one of the project's Dockerfiles makes. */
export interface OwnImage {
  readonly stage: ImageStage;
  readonly dockerfile: string;
  readonly context: string;
}

/** The images of the project's Dockerfiles, those beside the bot's package first. */
export async function ownImages(project: Project): Promise<OwnImage[]> {
  const files = project.tree.files.filter(isDockerfile).slice(0, 50);
  const rank = (path: string): number =>
    project.packages.includes(directoryOf(path)) ? 0 : directoryOf(path) === '' ? 1 : 2;
  const images: OwnImage[] = [];
  for (const file of files.toSorted((a, b) => rank(a.path) - rank(b.path))) {
    const context = guessContext(project, file.path);
    const read = await readDockerfile(project, file.path, { context });
    const stage = read.ok ? finalStage(read.model, null) : null;
    if (stage !== null) images.push({ stage, dockerfile: file.path, context });
  }
  return images;
}

/** A container as far as its name, image and mounts tell what it is. */
export interface Candidate {
  readonly name: string;
  readonly image: string | null;
  readonly targets: readonly string[];
}

const COMMON = /^(app|api|the|latest|docker|image|server|web|node|bot)$/;
const words = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2 && !COMMON.test(word));

/** Why a container that runs an image from elsewhere is likely to be the bot; `null` when it is not. */
export function likelyBot(project: Project, one: Candidate, all: readonly Candidate[]): string | null {
  const infrastructure = (candidate: Candidate): boolean =>
    candidate.image !== null && isInfrastructure(candidate.image);
  if (infrastructure(one)) return null;
  if (one.targets.some((target) => /wwebjs|session|auth|whatsapp|wpp/i.test(target)))
    return 'it mounts a session directory';
  const own = new Set([
    ...words(project.root.split('/').at(-1) ?? ''),
    ...project.packages.flatMap((root) => words(readManifest(project, root)?.name ?? '')),
  ]);
  const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const names = [
    project.root,
    ...project.packages,
    ...project.packages.map((root) => readManifest(project, root)?.name ?? ''),
  ];
  if (one.image !== null && names.map(last).includes(last(repositoryOf(one.image))))
    return 'its name is that of the project';
  if (one.image !== null && words(repositoryOf(one.image)).some((word) => own.has(word))) {
    return 'its name is that of the project';
  }
  if (words(`${one.name} ${one.image ?? ''}`).some((word) => /whatsapp|wwebjs|wpp|wbot/.test(word))) {
    return 'its name says WhatsApp';
  }
  return all.filter((candidate) => !infrastructure(candidate)).length === 1
    ? 'no other container could be the bot'
    : null;
}
