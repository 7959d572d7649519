console.log('not Python');
