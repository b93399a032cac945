/** Faults that a running OpenSearch of a test is given and rid of, past the product. */
export class SearchFaults {
  readonly #url: () => string;

  /** @param url of the node as it is now. */
  constructor(url: () => string) {
    this.#url = url;
  }

  async ask(method: string, path: string, body?: object): Promise<Response> {
    const headers = { "content-type": "application/json" };
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    return await fetch(this.#url() + path, { method, headers, ...given });
  }

  /** Null unsets it. */
  async cluster(name: string, value: string | null): Promise<void> {
    await this.#put("/_cluster/settings", { transient: { [name]: value } });
  }

  async index(names: readonly string[], name: string, value: string | boolean | null): Promise<void> {
    await this.#put(`/${names.join(",")}/_settings`, { [name]: value });
  }

  /**
   * Takes indices from the only node, and gives them back. A node gets a shard that it held back at once, whatever the rules of allocation
   * say; so none may be recovered meanwhile.
   */
  async away(names: readonly string[], isAway: boolean): Promise<void> {
    await this.cluster("cluster.routing.allocation.node_initial_primaries_recoveries", isAway ? "0" : null);
    const commands = names.map((index) => ({ cancel: { index, shard: 0, node: "only", allow_primary: true } }));
    const answer = await this.ask("POST", "/_cluster/reroute", { commands: isAway ? commands : [] });
    if (!answer.ok) throw new Error(`${names.join(", ")}: ${await answer.text()}`);
  }

  async #put(path: string, body: object): Promise<void> {
    const answer = await this.ask("PUT", path, body);
    if (!answer.ok) throw new Error(`PUT ${path} answered ${answer.status}: ${await answer.text()}`);
  }
}
