import { Code } from "@mantine/core";

/** A sentence of ours in which `names` stand between backticks. */
export function Ticked({ text }: { text: string }) {
  return text.split("`").map((piece, index) =>
    index % 2 === 0 ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a fixed sentence never move
      <Code key={index}>{piece}</Code>
    ),
  );
}
