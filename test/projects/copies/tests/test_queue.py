from comic_pile.queue import first
