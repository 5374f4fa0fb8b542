/** Why a node, or a command that needs its database, cannot start; its message says which setting to change. */
export class StartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StartError";
  }
}
