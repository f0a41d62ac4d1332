alter table attempts drop column redirect_url;
