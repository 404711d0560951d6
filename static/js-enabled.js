// Tells the styles that scripts run here; a file because the pages allow no script of their own.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
