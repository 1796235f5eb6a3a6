// What the page does without the server: says what was pressed, copies, fetches files, keeps the address true.
window.citeworthy = (() => {
  const value = (form) => form?.querySelector("[name=value]")?.value;

  // Hand what is pressed inside a piece of HTML to the server, and keep focus and open details over its renewals.
  function live(element, trigger, watch) {
    let open = new Set(), focused = null;
    const tell = (event, from) => {
      if (from.dataset.sure && !confirm(from.dataset.sure)) return;
      event.preventDefault();
      focused = from.id || null;
      open = new Set([...element.querySelectorAll("details[open][id]")].map((one) => one.id));
      const said = { ...from.dataset };
      const typed = value(from.closest("form"));
      if (typed !== undefined) said.value = typed;
      if (from.type === "checkbox") said.checked = String(from.checked);
      trigger("click", said);
    };
    element.addEventListener("click", (event) => {
      const from = event.target.closest("[data-do]");
      if (from && from.tagName !== "FORM" && from.type !== "checkbox") tell(event, from);
    });
    element.addEventListener("change", (event) => {
      if (event.target.type === "checkbox" && event.target.dataset.do) tell(event, event.target);
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.target.dataset.do) tell(event, event.target);
    });
    watch("value", () => {
      // Elements are used again for other rows, with what was ticked or typed in them.
      for (const one of element.querySelectorAll("input"))
        if (one.type === "checkbox") one.checked = one.hasAttribute("checked");
        else if (one !== document.activeElement) one.value = one.getAttribute("value") ?? "";
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    });
  }

  async function copy(text) {
    if (!text) return;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // not over plain http from another machine
      const box = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    say("Copied");
  }

  function fetchFile(address) {
    if (!address) return;
    const link = document.createElement("a");
    link.href = address;
    link.download = ""; // the server names it; going there would end the page's own stream
    document.body.append(link);
    link.click();
    link.remove();
  }

  function remember(chat) {
    const address = new URL(location.href);
    if (chat) address.searchParams.set("chat", chat);
    else address.searchParams.delete("chat");
    if (address.href !== location.href) history.replaceState(null, "", address);
  }

  // A question is to be edited: its box may be far from where that was pressed.
  function write(turn) {
    const box = document.querySelector("#cw-question textarea");
    if (turn < 0 || !box) return;
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "center" });
  }

  function say(text) {
    const note = Object.assign(document.createElement("div"), { className: "cw-said", textContent: text });
    note.setAttribute("role", "status");
    document.body.append(note);
    setTimeout(() => note.remove(), 2500);
  }

  // Gradio gives the page a <base>, against which "#here" would be another page. "Back to the text" is back to the
  // very citation that was followed.
  let followed = null;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const to = link.getAttribute("href"), top = scrollY;
    if (location.hash === to) history.replaceState(null, "", location.pathname + location.search);
    location.hash = to;
    if (link.closest(".cw-back") && followed?.isConnected) {
      followed.focus();
      return;
    }
    followed = link;
    const target = document.getElementById(to.slice(1)), side = target?.closest(".column.cw-side");
    target?.focus({ preventScroll: true });
    if (!side || getComputedStyle(side).position !== "sticky") return;
    scrollTo(scrollX, top); // the column moves, the text beside it stays where it is read
    side.scrollTop += target.getBoundingClientRect().top - side.getBoundingClientRect().top - side.clientHeight / 3;
  });

  // A second click of a double click, and an Enter that is held, are no second question.
  const again = (event) => (event.detail > 1 && event.target.closest?.("#cw-ask"))
    || (event.repeat && event.key === "Enter" && event.target.closest?.("#cw-question"));
  for (const kind of ["click", "keydown", "keypress"])
    document.addEventListener(kind, (event) => {
      if (!again(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);

  return { live, copy, fetchFile, remember, write };
})();
