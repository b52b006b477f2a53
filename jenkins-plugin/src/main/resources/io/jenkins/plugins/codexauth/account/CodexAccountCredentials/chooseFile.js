/* Puts a chosen auth.json into the text area above it. Nothing is sent before the form is. */
Behaviour.specify(".codex-auth-choose-file", "codex-auth-choose-file", 0, function (input) {
  const longest = 1024 * 1024;
  const block = input.closest(".codex-auth-file");
  const problem = block.querySelector(".codex-auth-file-problem");

  function tell(text) {
    problem.textContent = text || "";
    problem.hidden = !text;
  }

  function fill(text) {
    const textarea = block.querySelector("textarea");
    if (textarea.hidden) {
      // The button shows the text area, and empties it.
      block.querySelector(".secret-update-btn").click();
    }
    textarea.value = text;
    textarea.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("change", function () {
    const file = input.files[0];
    tell("");
    if (!file) {
      return;
    }
    if (file.size > longest) {
      tell(problem.dataset.tooLarge);
      return;
    }
    const reader = new FileReader();
    reader.onload = function () {
      fill(reader.result);
      input.value = "";
    };
    reader.onerror = function () {
      tell(problem.dataset.unreadable);
    };
    reader.readAsText(file);
  });
});
