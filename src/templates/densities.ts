import { decodePng, encodePng } from "../apple/image-png.ts";
import { shrink } from "../apple/image-scaling.ts";
import { type ImageFile, imageName, parseImageName } from "../apple/images.ts";
import { nextTurn } from "../next-turn.ts";

/**
 * The densities that a template leaves out, made from the largest one it has: @2x and @1x from @3x, @1x from @2x.
 * Nothing is enlarged. The images were checked; only the missing ones are returned. Lets other work go on after each.
 */
export async function makeDensities(images: ReadonlyMap<string, Buffer>): Promise<Map<string, Buffer>> {
  const made = new Map<string, Buffer>();
  for (const [file, bytes] of images) {
    const image = parseImageName(file);
    if (!image || image.density === 1 || hasLarger(images, image)) continue;
    const missing = ([1, 2] as const).filter(
      (density) => density < image.density && !images.has(imageName({ ...image, density })),
    );
    if (missing.length === 0) continue;
    const pixels = decodePng(bytes);
    for (const density of missing) {
      const size = (length: number) => Math.max(1, Math.round((length * density) / image.density));
      const smaller = shrink(pixels, size(pixels.width), size(pixels.height));
      made.set(imageName({ ...image, density }), encodePng(smaller, bytes));
      await nextTurn();
    }
  }
  return made;
}

const hasLarger = (images: ReadonlyMap<string, unknown>, image: ImageFile): boolean =>
  image.density < 3 && images.has(imageName({ ...image, density: 3 }));
