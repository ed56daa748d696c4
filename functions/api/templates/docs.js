const place = document.getElementById("swagger-ui");
SwaggerUIBundle({
  domNode: place,
  url: new URL(place.dataset.schema, location.href).href,
  deepLinking: true,
  validatorUrl: null,
});
