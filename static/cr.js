// Makes pages more comfortable; every page works without it.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js";

initAll();

// A form is sent once: a second press while the answer is on its way does nothing. Coming back to the page frees it.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Two minutes before an idle session ends the page says so, and one press goes on with it.
const WARNING = 120;
for (const ending of document.querySelectorAll("[data-idle-seconds]")) {
  const idle = Number(ending.dataset.idleSeconds);
  const wait = () => setTimeout(warn, Math.max(idle - WARNING, idle / 2) * 1000);
  const warn = () => {
    ending.replaceChildren(document.getElementById("session-ending").content.cloneNode(true));
    ending.querySelector("button").addEventListener("click", async () => {
      const answer = await fetch(ending.dataset.stayUrl, { credentials: "same-origin", redirect: "manual" });
      if (!answer.ok) return window.location.reload();
      ending.replaceChildren();
      wait();
    });
  };
  wait();
}

// A question with data-ask-when="name=value …" is asked once one of these answers is given. Hidden, it is not sent.
const groupOf = (control) => (control.closest("fieldset") ?? control).closest(".govuk-form-group");
const asked = [...new Set([...document.querySelectorAll("[data-ask-when]")].map(groupOf))];
const isGiven = (form, answer) => {
  const [name, value] = answer.split("=");
  return [...form.querySelectorAll(`[name="${CSS.escape(name)}"]:checked`)].some((one) => one.value === value && !one.disabled);
};
// In the order of the page: a question that is hidden hides those that hang on its answer.
const askWhatFits = () => {
  for (const group of asked) {
    const controls = [...group.querySelectorAll("input, select, textarea")];
    const answers = controls[0].dataset.askWhen.split(" ");
    const fits = group.matches(".govuk-form-group--error") || answers.some((answer) => isGiven(controls[0].form, answer));
    group.hidden = !fits;
    for (const control of controls) control.disabled = !fits;
  }
};
if (asked.length) {
  askWhatFits();
  document.addEventListener("change", askWhatFits);
  window.addEventListener("pageshow", askWhatFits);
}

// <input data-suggest-url="/…" > fetches a piece of page (radios) into [data-suggest-results] as one types.
// Our own address answers `?q=`; the number found is read out from data-suggest-count of the piece.
const PAUSE = 250;
for (const input of document.querySelectorAll("input[data-suggest-url]")) {
  const results = (input.form ?? document).querySelector("[data-suggest-results]");
  if (!results) continue;
  const status = document.createElement("p");
  status.className = "govuk-visually-hidden";
  status.setAttribute("aria-live", "polite");
  results.before(status);
  let timer;
  let asked = 0;
  const suggest = async () => {
    const mine = ++asked;
    const url = new URL(input.dataset.suggestUrl, window.location.href);
    if (url.origin !== window.location.origin) return;
    url.searchParams.set("q", input.value);
    try {
      const answer = await fetch(url, { credentials: "same-origin", redirect: "error", headers: { Accept: "text/html" } });
      if (mine !== asked || !answer.ok) return;
      // The piece is parsed apart and holds no script that could run: the pages' policy allows none but our files.
      const piece = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      const found = piece.querySelector("[data-suggest-count]")?.dataset.suggestCount;
      const chosen = results.querySelector("input:checked")?.value;
      results.replaceChildren(...piece.childNodes);
      // What was chosen stays chosen while it is among what was found.
      for (const option of results.querySelectorAll("input")) option.checked = option.value === chosen;
      if (found !== undefined) status.textContent = found === "1" ? "1 offence found" : `${found} offences found`;
    } catch {
      // The search button does the same without us.
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE);
  });
}

// <button data-copy="id" hidden> copies the text of what it names; beside it, [data-copied] says so aloud.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[data-copied]");
  if (!source || !status) continue;
  const select = () => {
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(source.textContent);
      status.textContent = "Copied";
    } catch {
      // Without a secure address a page may not write to the clipboard: the text is selected, to be copied by hand.
      select();
      status.textContent = "Selected: press Control and C to copy";
    }
  });
}

// What is folded up stands open on paper.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("main details:not([open])")) folded.dataset.folded = folded.open = true;
});
window.addEventListener("afterprint", () => {
  for (const folded of document.querySelectorAll("details[data-folded]")) {
    folded.open = false;
    delete folded.dataset.folded;
  }
});

// [data-while-running] marks what of a page tells how far something is: it is asked for again while the page is seen, and
// put in its place, so that nothing else moves. Once it is gone from the answer, what runs has ended: the page is loaded.
const followed = [...document.querySelectorAll("[data-while-running]")];
if (followed.length) {
  const EVERY = 2000;
  let timer;
  const wait = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, EVERY);
  };
  const ask = async () => {
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin", redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = [...page.querySelectorAll("[data-while-running]")];
      if (!answer.ok || now.length !== followed.length) return window.location.reload();
      followed.forEach((part, place) => {
        if (part.innerHTML !== now[place].innerHTML) part.replaceChildren(...now[place].childNodes);
      });
    } catch {
      // The button does the same; the next round tries again.
    }
    wait();
  };
  document.addEventListener("visibilitychange", wait);
  wait();
}
