import { describe, expect, test } from "vitest";
import { formatHuggingFaceFile, isHuggingFaceFile, parseHuggingFaceFile } from "./hugging-face-file.ts";

describe("the name of a file on Hugging Face", () => {
  test.each([
    ["hf:owner/repo-1/model.Q4_0.gguf", ["owner", "repo-1", "model.Q4_0.gguf", undefined]],
    ["hf:owner/repo/folder/deep er/model.GGUF", ["owner", "repo", "folder/deep er/model.GGUF", undefined]],
    ["hf:owner/repo/model.gguf#v1.0", ["owner", "repo", "model.gguf", "v1.0"]],
  ] as const)("%s is taken apart and put together again", (model, [owner, repository, path, revision]) => {
    expect(parseHuggingFaceFile(model)).toEqual({ owner, repository, path, revision });
    expect(formatHuggingFaceFile(parseHuggingFaceFile(model))).toBe(model);
  });

  test.each([
    ["hf:", /^"" is not the name of an owner/],
    ["hf:owner", /^"" is not the name of a repository/],
    ["hf:owner/repo", /names a repository, not a file/],
    ["hf:owner/repo/", /^"" is not a part of a path/],
    ["hf:owner/repo:Q4_K_M", /A quantization \(":Q4_K_M"\) names no file/],
    ["hf:owner/repo/model.safetensors", /is not a GGUF file/],
    ["hf://owner/repo/model.gguf", /no slashes behind the colon/],
    ["hf:../../model.gguf", /^"\.\." is not the name of an owner/],
    ["hf:owner/repo/../../../model.gguf", /^"\.\." is not a part of a path/],
    ["hf:owner/repo/a\\..\\model.gguf", /is not a part of a path/],
    ["hf:owner/repo/\u001b[2Jmodel.gguf", /is not a part of a path/],
    ["hf:owner/repo//model.gguf", /^"" is not a part of a path/],
    ["hf:owner/repo/model.gguf#", /^"" is not a branch/],
    ["hf:owner/repo/model.gguf#a#b", /^"a#b" is not a branch/],
    ["hf:owner/repo/model.gguf#..", /^"\.\." is not a branch/],
  ])("%j is refused with the part that is wrong", (model, why) => {
    expect(isHuggingFaceFile(model)).toBe(true);
    expect(() => parseHuggingFaceFile(model)).toThrow(
      expect.objectContaining({ code: "MODEL_NOT_FOUND", why: expect.stringMatching(why) }),
    );
  });

  test.each(["/models/hf:x.gguf", "hf", "./hf/model.gguf"])("%s is a path", (model) => {
    expect(isHuggingFaceFile(model)).toBe(false);
  });
});
