/* The page works without this file. With it: live news, the operator found while typing, and a
   button that cannot be pressed twice. */
(function () {
  "use strict";
  var state = document.getElementById("state");
  var news = document.getElementById("news");
  var stream = null, asking = null, helping = null, missed = 0;
  if (!window.fetch || !window.DOMParser) { return; }
  document.documentElement.className = "js";

  document.addEventListener("submit", function (event) {
    var button = event.target.querySelector("button");
    if (!button) { return; }
    if (button.disabled) { event.preventDefault(); return; }
    button.disabled = true;
    if (event.target.dataset.busy) { button.textContent = event.target.dataset.busy; }
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { window.location.reload(); }
  });
  if (!state) { return; }

  function show(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("state");
    if (!fresh) { window.location.reload(); return; }
    var changed = fresh.dataset.seen !== state.dataset.seen;
    var within = state.contains(document.activeElement);
    state.replaceWith(fresh);
    state = fresh;
    var heading = state.querySelector("h1");
    if (within && heading) { heading.tabIndex = -1; heading.focus(); }
    if (changed && news && heading) {
      news.textContent = heading.textContent;
      document.title = heading.textContent;
    }
    begin();
  }

  function look() {
    fetch(window.location.href, { headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.ok ? answer.text().then(show) : null; })
      .catch(function () { return null; });
  }

  function heard(told) {
    missed = 0;
    if (told.seen !== state.dataset.seen) { look(); }
  }

  function ask() {
    fetch(state.dataset.path + "/status")
      .then(function (answer) { return answer.json(); })
      .then(heard)
      .catch(function () { missed += 1; });
  }

  function poll() {
    if (stream) { stream.close(); stream = null; }
    if (!asking) { asking = window.setInterval(ask, 4000); ask(); }
  }

  function listen() {
    if (!window.EventSource) { poll(); return; }
    stream = new EventSource(state.dataset.path + "/stream");
    stream.addEventListener("checkout", function (event) { heard(JSON.parse(event.data)); });
    stream.onerror = function () { missed += 1; if (missed > 1) { poll(); } };
  }

  function stop() {
    if (stream) { stream.close(); stream = null; }
    if (asking) { window.clearInterval(asking); asking = null; }
  }

  function leave() {
    var button = document.getElementById("leave");
    if (!button || window.location.search.indexOf("go=1") < 0) { return; }
    window.history.replaceState(null, "", window.location.href.replace(/go=1&?/, ""));
    window.location.assign(button.href);
  }

  function begin() {
    leave();
    if (state.dataset.moves !== "yes") { stop(); return; }
    if (!stream && !asking) { listen(); }
    if (state.dataset.late !== "yes" && !helping) { helping = window.setTimeout(look, 46000); }
  }

  var phone = document.getElementById("phone"), typing = null, chosen = false;
  var form = document.getElementById("pay");
  function find() {
    var sent = new URLSearchParams({ form: form.elements.form.value, phone: phone.value });
    fetch(state.dataset.path + "/operator", { method: "POST", body: sent })
      .then(function (answer) { return answer.json(); })
      .then(function (found) {
        var button = found.method && document.getElementById("method-" + found.method);
        if (button && !chosen) { button.checked = true; }
      })
      .catch(function () { return null; });
  }
  if (form && phone) {
    form.addEventListener("change", function (event) {
      if (event.target.name === "method") { chosen = true; }
    });
    phone.addEventListener("input", function () {
      window.clearTimeout(typing);
      if (phone.value.replace(/\D/g, "").length >= 9) { typing = window.setTimeout(find, 400); }
    });
  }
  begin();
})();
