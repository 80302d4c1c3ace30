/** A template that is part of the program. */
export interface GalleryTemplate {
  /** The name of its folder. */
  readonly name: string;
  /** One line for people who choose a template. */
  readonly title: string;
  readonly definition: unknown;
  /** File name, such as `icon@2x.png`, to a path for `Bun.file`, which also works inside the compiled program. */
  readonly images: Readonly<Record<string, string>>;
}
