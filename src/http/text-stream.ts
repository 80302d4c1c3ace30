/** A reader that takes nothing for this long is gone. What systems buffer is megabytes, so this is generous. */
export const SLOW_READER_SECONDS = 120;

/** A body that is made while it is sent, as fast as the client takes it. */
export function textStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
