window.Redoc.init(
  "/openapi.json",
  { disableSearch: false, hideHostname: true, nativeScrollbars: true, expandResponses: "200,201" },
  document.getElementById("reference"),
);
