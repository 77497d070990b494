SELECT open_publication()
