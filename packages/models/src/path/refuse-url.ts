import { BenchreportError } from "@benchreport/contract";

const url = /^[a-z][a-z0-9+.-]+:\/\//i;
const huggingFace =
  /^https?:\/\/(?:huggingface\.co|hf\.co)\/([^/?#]+)\/([^/?#]+)\/(?:resolve|blob)\/([^/?#]+)\/([^?#]+\.gguf)(?:[?#]|$)/i;

/** Refuses an address where a path is wanted: as a path it would only be absent. @throws `MODEL_NOT_FOUND` */
export function refuseUrl(model: string): void {
  if (!url.test(model)) return;
  const [, owner, repository, revision, path] = huggingFace.exec(model) ?? [];
  const revisionPart = revision === "main" ? "" : `#${revision}`;
  const known = owner === undefined ? undefined : `hf:${owner}/${repository}/${path}${revisionPart}`;
  throw new BenchreportError("MODEL_NOT_FOUND", {
    what: `The model ${model} is an address, not a file.`,
    why: "A model is a file on this machine, or hf:OWNER/REPOSITORY/FILE.gguf; other addresses are not downloaded.",
    fix:
      known === undefined
        ? "Download the file and pass its path with --model."
        : `Pass --model ${known}, or download the file and pass its path.`,
    meta: { model },
  });
}
