/** Connects to whichever address of a host answers first. */
import { connect, isIPv6, type Socket } from "node:net";

/** RFC 8305, section 5: the recommended Connection Attempt Delay. */
const attemptDelayMs = 250;

/** As undici sets them on the sockets that it opens itself. */
const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, highWaterMark: 64 * 1024 };

/**
 * Opens a TCP connection to one of `addresses`, trying them in turn: the next begins when the one before has failed, or
 * has been silent for 250 ms. Those that lose are closed.
 *
 * @param addresses at least one, all judged; nothing else is ever connected to
 * @throws the system's error for the first address when all have failed; the reason of `signal` when it is aborted
 */
export function raceAddresses(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  const order = interleaveFamilies(addresses);
  return new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    let next = 0;
    let firstError: Error | undefined;
    let delay: NodeJS.Timeout | undefined;

    function settle(): void {
      clearTimeout(delay);
      signal.removeEventListener("abort", abort);
      for (const socket of open) socket.destroy();
      open.clear();
    }

    function abort(): void {
      settle();
      reject(signal.reason);
    }

    function attempt(): void {
      clearTimeout(delay);
      const address = order[next++];
      if (address === undefined) return;
      const socket = connect({ ...socketOptions, host: address, port });
      open.add(socket);
      socket.once("connect", () => {
        open.delete(socket);
        settle();
        socket.removeAllListeners("error");
        resolve(socket);
      });
      socket.on("error", (error) => {
        firstError ??= error;
        if (!open.delete(socket)) return;
        if (next < order.length) return attempt();
        if (open.size > 0) return;
        settle();
        reject(firstError);
      });
      if (next < order.length) delay = setTimeout(attempt, attemptDelayMs);
    }

    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    attempt();
  });
}

/** RFC 8305, section 4: families take turns, in the resolver's order otherwise. */
function interleaveFamilies(addresses: readonly string[]): string[] {
  const first = addresses.filter((address) => isIPv6(address) === isIPv6(addresses[0] ?? ""));
  const second = addresses.filter((address) => !first.includes(address));
  return first
    .flatMap((address, index) => {
      const other = second[index];
      return other === undefined ? [address] : [address, other];
    })
    .concat(second.slice(first.length));
}
